/**
 * A sentence of a verdict as Markdown: what is in backticks is code, and nothing else means anything. A submission has
 * had its say in it, and might have put in a link, or a picture that is fetched.
 */
export function asMarkdown(sentence: string): string {
  return sentence
    .split('`')
    .map((part, i) => {
      if (i % 2 === 1 && part !== '') return `\`${part}\``;
      return part.replace(/[\\*_{}[\]()<>#+!|~&]/g, sign => `\\${sign}`).replace(/:\/\//g, ':\\//');
    })
    .join('');
}
