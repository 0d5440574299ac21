"""Jobs in a temporary folder: all or nothing, resumed, refused."""
