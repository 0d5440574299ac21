"""The jobs: choose, read, call, write. They decide nothing."""
