"""How good a night was. Tables in, numbers out."""
