"""Letters that come in: read from mailboxes, understood, and given to the operations of complaints."""
