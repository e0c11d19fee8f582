/**
 * A text in lines of at most so many characters, broken between words; a word that is longer is broken where the line
 * ends. Every line after the first is set in by `indent`.
 */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (let word of paragraph.split(/ +/)) {
      const start = lines.length === 0 ? '' : indent;
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line);
        line = '';
      }
      line = line === '' ? (lines.length === 0 ? start : indent) + word : `${line} ${word}`;
      while (line.length > width) {
        lines.push(line.slice(0, width));
        word = line.slice(width);
        line = indent + word;
      }
    }
    lines.push(line);
  }
  return lines;
}
