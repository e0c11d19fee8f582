/** The commands of a text in Markdown: the lines of its indented blocks that begin with `npx longhand`, without that. */
export function commandsOf(text: string): string[] {
  return [...text.matchAll(/^ {4}npx longhand (.+)$/gm)].map(([, command]) => command!);
}
