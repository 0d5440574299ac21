"""How well a pair would get on, each way, as a sum of named parts in log-odds; then mutual."""
