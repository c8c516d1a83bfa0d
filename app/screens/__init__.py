"""One file per page: a page asks for records and hands them to panels.

Not called `pages`: Streamlit takes a folder of that name for pages of its own, and a first visitor who came
by a deep link would be served the bare file, without the frame around it.
"""
