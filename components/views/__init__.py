"""The pages: parse, ask or call one service, render."""
