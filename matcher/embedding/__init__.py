"""Words to vectors, vectors to several interests a member."""
