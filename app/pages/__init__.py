"""One file per page: a page asks for records and hands them to panels."""
