// The command, asked several times in one process: `one-process.mjs '[["train", "--steps", "0"], …]'` prints for each what it
// would have written, and the code that it would have ended with. For what ends before it has started anything.
const command = new URL('../dist/cli/longhand.js', import.meta.url).href;
const write = process.stdout.write.bind(process.stdout);

const outcomes = [];
for (const [i, args] of JSON.parse(process.argv[2] ?? '[]').entries()) {
  const said = { stdout: '', stderr: '' };
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    process[name].removeAllListeners('error'); // of the one before
    process[name].write = /** @param {unknown} text */ text => {
      said[name] += text;
      return true;
    };
  }
  process.removeAllListeners('uncaughtException');
  process.argv = [process.execPath, 'longhand', ...args];
  process.exitCode = 0;
  await import(`${command}?${i}`);
  outcomes.push({ code: process.exitCode, ...said });
}
process.exitCode = 0;
write(JSON.stringify(outcomes));
