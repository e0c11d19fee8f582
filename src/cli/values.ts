import { type Command, InvalidArgumentError } from 'commander';

/** Makes a command say which choice was meant where one is misspelt, and refuse an empty text, which nobody means. */
export function checkValues(command: Command): void {
  for (const value of [...command.options, ...command.registeredArguments]) {
    if (value.argChoices !== undefined) value.argParser(oneOf(value.argChoices));
  }
  for (const option of command.options) {
    if (option.required && option.parseArg === undefined) option.argParser(notEmpty);
  }
}

function oneOf(choices: readonly string[]): (text: string) => string {
  return text => {
    if (choices.includes(text)) return text;
    const meant = text && choices.find(choice => choice.startsWith(text) || isNear(text, choice, choice.length / 3));
    throw new InvalidArgumentError(
      `Allowed choices are ${choices.join(', ')}.${meant ? ` Did you mean ${meant}?` : ''}`,
    );
  };
}

function notEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('It wants a name.');
  return text;
}

/** Whether at most `edits` letters put in, left out, replaced or swapped with their neighbour turn a into b. */
function isNear(a: string, b: string, edits: number): boolean {
  if (a === b) return true;
  if (edits < 1) return false;
  let same = 0;
  while (a[same] === b[same]) same += 1;
  const [p, q] = [a.slice(same), b.slice(same)];
  return (
    isNear(p.slice(1), q, edits - 1) ||
    isNear(p, q.slice(1), edits - 1) ||
    isNear(p.slice(1), q.slice(1), edits - 1) ||
    (p[0] === q[1] && p[1] === q[0] && isNear(p.slice(2), q.slice(2), edits - 1))
  );
}
