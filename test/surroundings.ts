// What a test sees must not depend on who runs it: Node gives a terminal no colours where one of these is set (some
// are on every machine that tests by itself), and gives them to a pipe where another is.
for (const name of ['CI', 'NO_COLOR', 'NODE_DISABLE_COLORS', 'FORCE_COLOR', 'COLORTERM', 'TMUX'])
  delete process.env[name];
