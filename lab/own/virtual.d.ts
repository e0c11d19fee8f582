/** The worker in the frame, bundled, as a text: see `frame-page.ts`. */
declare module 'virtual:learner' {
  const source: string;
  export default source;
}
