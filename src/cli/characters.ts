import { env, platform } from 'node:process';

/** Whether the terminal shows more than ASCII. */
export function showsUnicode(): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  if (env.TERM === 'dumb' || env.TERM === 'linux') return false;
  if (platform === 'win32') return Boolean(env.WT_SESSION || env.TERM_PROGRAM || env.TERM);
  return locale === undefined || locale === '' || /utf-?8/i.test(locale);
}

const inAscii: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '·': '-',
  '▸': '>',
  '█': '#',
  '░': '-',
  '…': '...',
  '–': '-',
  '—': '-',
  '−': '-',
  '→': '->',
  '←': '<-',
  '×': 'x',
  '⊙': '*',
  '‖': '||',
  '∂': 'd',
  ℓ: 'l',
  '∇': 'grad ',
  Σ: 'sum',
  σ: 'sigma',
  '′': "'",
  η: 'eta',
  ζ: 'zeta',
  ε: 'epsilon',
  ᵀ: '^T',
  ᵢ: '_i',
  ⱼ: '_j',
  '∞': 'infinity',
  '±': '+/-',
  '≤': '<=',
  '≥': '>=',
  '≠': '/=',
  '≈': '~',
  '“': '"',
  '”': '"',
  '’': "'",
  '„': '"',
};

/** ⁻² is ^-2, ˣ is ^x: what stands above the line in a row gets one sign before it. */
const above: Readonly<Record<string, string>> = {
  '⁰': '0',
  '¹': '1',
  '²': '2',
  '³': '3',
  '⁴': '4',
  '⁵': '5',
  '⁶': '6',
  '⁷': '7',
  '⁸': '8',
  '⁹': '9',
  '⁻': '-',
  ˣ: 'x',
};

/** The same text for a terminal that shows ASCII only, as one would type it. */
export function asAscii(text: string): string {
  return text
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻ˣ]+/g, signs => `^${[...signs].map(sign => above[sign]).join('')}`)
    .replace(/[₀-₉]/g, sign => String(sign.charCodeAt(0) - 0x2080))
    .replace(/[^ -~\n]/g, sign => inAscii[sign] ?? (sign.normalize('NFKD').replace(/[^ -~]/g, '') || '?'));
}
