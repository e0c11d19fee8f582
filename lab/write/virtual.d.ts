/** The folder that `longhand learn` makes, its files by their paths: see `practice-folder.ts`. */
declare module 'virtual:practice-folder' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
