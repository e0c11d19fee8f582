import type { FrameWish } from './messages.ts';

const address = 'frame.html';

/**
 * The frames of this page: documents without an origin in which a learner's code runs. The page makes them and takes
 * them away; what is said in them it does not hear, so that nothing that is said there can keep it busy.
 */
class Frames {
  readonly #open = new Map<MessagePort, Map<number, HTMLIFrameElement>>();
  /** One that is loaded, so that whoever needs the next one need not wait for it. */
  #spare: HTMLIFrameElement | undefined;

  /** Makes frames for a thread that asks for them; they go when it closes them, and with the thread. */
  serve(thread: MessagePort): void {
    const frames = new Map<number, HTMLIFrameElement>();
    this.#open.set(thread, frames);
    thread.onmessage = ({ data, ports: [port] }: MessageEvent<FrameWish>) => {
      if ('open' in data) {
        const frame = this.#spare ?? newFrame();
        this.#spare = undefined;
        frames.set(data.open, frame);
        give(frame, port!);
      } else {
        frames.get(data.close)?.remove();
        frames.delete(data.close);
        this.prepare();
      }
    };
  }

  /** The thread has ended. */
  leave(thread: MessagePort): void {
    for (const frame of this.#open.get(thread)?.values() ?? []) frame.remove();
    this.#open.delete(thread);
    thread.close();
  }

  /** Loads a frame for the next one who needs one. */
  prepare(): void {
    this.#spare ??= newFrame();
  }
}

export const frames: Frames = new Frames();

const loaded = new WeakSet<HTMLIFrameElement>();

function newFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  // no allow-same-origin: it has no origin, and so no storage, and no reach into the page. A service worker answers no
  // frame that is sandboxed here; where there is one it sends the document with a policy that sandboxes it, and without
  // that the document does nothing (see frame.ts)
  if (!navigator.serviceWorker?.controller) frame.sandbox.add('allow-scripts');
  frame.src = address;
  frame.hidden = true;
  frame.title = 'Where your code runs';
  frame.addEventListener('load', () => loaded.add(frame));
  document.body.append(frame);
  return frame;
}

/** A document without an origin cannot be named: the port is for whatever is in the frame. */
function give(frame: HTMLIFrameElement, port: MessagePort): void {
  const post = () => frame.contentWindow?.postMessage(null, '*', [port]);
  if (loaded.has(frame)) post();
  else frame.addEventListener('load', post, { once: true });
}
