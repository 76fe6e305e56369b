"""The floor: one live page for those who lead, its moves, and a wallboard."""
