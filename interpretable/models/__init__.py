"""Model families: each fits with its own library, then compiles to a record that the scorer proves."""
