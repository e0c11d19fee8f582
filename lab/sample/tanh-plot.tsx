import type { JSX } from 'preact';

const [LEFT, TOP, X, Y] = [130, 60, 40, 44];
/** Beyond this tanh is flat to the eye. */
const FAR = 3.1;
const path = Array.from({ length: 63 }, (_, i) => i / 10 - FAR)
  .map((s, i) => `${i === 0 ? 'M' : 'L'}${(LEFT + X * s).toFixed(1)} ${(TOP - Y * Math.tanh(s)).toFixed(1)}`)
  .join('');

/** tanh, the point on it, and its slope there. */
export function TanhPlot({ s, slope }: { readonly s: number; readonly slope: number }): JSX.Element {
  const at = Math.max(-FAR, Math.min(FAR, Number.isNaN(s) ? 0 : s));
  const [x, y] = [LEFT + X * at, TOP - Y * Math.tanh(at)];
  const long = 34 / Math.hypot(1, (slope * Y) / X);
  const rise = (long * slope * Y) / X;
  return (
    <svg class="tanh" viewBox="0 0 260 120" aria-hidden="true">
      <path class="axis" d={`M4 ${TOP}H256M${LEFT} 8V112`} />
      <path class="flat" d={`M4 ${TOP - Y}H256M4 ${TOP + Y}H256`} />
      <path class="curve" d={path} />
      {Number.isFinite(slope) && <path class="slope" d={`M${x - long} ${y + rise}L${x + long} ${y - rise}`} />}
      {Number.isNaN(s) || <circle cx={x} cy={y} r="5" />}
      <text x={LEFT + 5} y={TOP - Y - 4}>
        1
      </text>
      <text x={LEFT + 5} y={TOP + Y + 14}>
        −1
      </text>
      <text x="250" y={TOP + 14} text-anchor="end">
        s
      </text>
    </svg>
  );
}
