"""The app through a test client: what organizers and members are promised of its pages."""
