import type { Answerer, StartAnswerer } from './protocol.ts';

/** What a check ends with that is not wanted any more. */
export class AbandonedError extends Error {
  override name = 'AbandonedError';
}

/** Answerers that end at once when nobody wants to know any more: whoever still asks them gets an {@link AbandonedError}. */
export function untilAborted(start: StartAnswerer, signal: AbortSignal): StartAnswerer {
  return async transformed => {
    if (signal.aborted) throw new AbandonedError('the check is not wanted any more');
    const answerer: Answerer = await start(transformed);
    const end = () => void answerer.end();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    return {
      async call(call) {
        const answer = signal.aborted ? undefined : await answerer.call(call);
        if (answer === undefined || signal.aborted) throw new AbandonedError('the check is not wanted any more');
        return answer;
      },
      async end() {
        signal.removeEventListener('abort', end);
        await answerer.end();
      },
    };
  };
}
