import type { JSX } from 'preact';

/**
 * A formula as it is printed: single letters are variables and lean, words like tanh stand upright, `_1` is an index
 * below, `^T` one above, `[3]` a place, and other numbers have a face in which they can be compared.
 */
export function Formula({ of }: { of: string }): JSX.Element {
  return <>{(of.match(TOKEN) ?? []).map(typeset)}</>;
}

const TOKEN = /_\w|\[[\w,]+\]|\^\w|[−]?\d[\d.]*(?:·10[⁻⁰¹²³⁴-⁹]+)?|\p{L}+|[^_^\d\p{L}−[]+|[−[]/gu;

function typeset(token: string, i: number): JSX.Element | string {
  if (token.startsWith('_')) return <sub key={i}>{lean(token.slice(1))}</sub>;
  if (token.startsWith('^')) return <sup key={i}>{token.slice(1)}</sup>;
  if (token.startsWith('[') && token.length > 1)
    return (
      <span class="place" key={i}>
        [{[...token.slice(1, -1)].map((letter, i) => lean(letter, i))}]
      </span>
    );
  if (/\d/.test(token))
    return (
      <span class="number" key={i}>
        {token}
      </span>
    );
  return lean(token, i);
}

const lean = (token: string, key?: number): JSX.Element | string =>
  /^[\p{L}]$/u.test(token) && token !== 'Σ' ? <i key={key}>{token}</i> : token;
