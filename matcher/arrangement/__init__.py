"""Groups and introductions: construction, improvement, bound."""
