/** A formula is not torn apart at its signs: what stands beside one hangs on it. */
const GLUE = '\u00a0';
const atSigns = / ([−+=·/*⊙→]) /g;

/**
 * A text in lines of at most so many characters, broken between words; a word that is longer is broken where the line
 * ends.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    const glued = paragraph.replace(atSigns, `${GLUE}$1${GLUE}`).split(' ');
    const words = glued.flatMap(word => (word.length > width ? word.split(GLUE) : [word]));
    let line = '';
    for (const word of words) {
      line = line === '' ? word : `${line} ${word}`;
      if (line.length > width && line.length > word.length) {
        lines.push(line.slice(0, -word.length - 1));
        line = word;
      }
      for (; line.length > width; line = line.slice(width)) lines.push(line.slice(0, width));
    }
    lines.push(line);
  }
  return lines.map(line => line.replaceAll(GLUE, ' '));
}

/** A text below the help of a command, as wide as the help is; an empty line begins a new paragraph. */
export function belowHelp(text: string): string {
  const paragraphs = text.trim().split(/\n{2,}/);
  const lines = (paragraph: string) => wrap(paragraph.replaceAll('\n', ' '), process.stdout.columns || 80);
  return `\n${paragraphs.map(paragraph => lines(paragraph).join('\n')).join('\n\n')}`;
}
