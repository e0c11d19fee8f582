/** The version of V8 that runs this, 146 for 14.6; undefined where something else does, or does not say. */
export function v8(): number | undefined {
  const { process, navigator } = globalThis as unknown as {
    process?: { versions?: { v8?: string; bun?: string } };
    navigator?: { userAgent?: string };
  };
  const { v8: version, bun } = process?.versions ?? {};
  if (bun !== undefined) return undefined; // it names a V8, but has JavaScriptCore
  if (version !== undefined) {
    const [major, minor] = version.split('.').map(Number);
    return 10 * major! + minor!;
  }
  // a Chromium has the V8 of its own number
  const [, chromium] = /\bChrom(?:e|ium)\/(\d+)/.exec(navigator?.userAgent ?? '') ?? [];
  return chromium === undefined ? undefined : Number(chromium);
}
