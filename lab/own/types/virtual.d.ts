/** The declarations that a learner's files are checked against: see `lab/editor-types.ts`. */
declare module 'virtual:editor-types' {
  const types: import('../../editor-types.ts').ForEditor;
  export default types;
}
