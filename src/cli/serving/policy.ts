/** The page computes and asks where it came from: it may do nothing else, and nobody may put it into a frame. */
export const POLICY: readonly string[] = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** The frame in which a learner's code runs says in itself what it may do, which is next to nothing; only the page may have it. */
export const FRAME_POLICY: readonly string[] = ["frame-ancestors 'self'", 'sandbox allow-scripts'];
