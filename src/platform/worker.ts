/** A worker that has said that it is ready. */
export interface RunningWorker {
  terminate(): void;
}
