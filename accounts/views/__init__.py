"""Pages of accounts, their people, talks and promises."""
