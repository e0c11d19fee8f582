import type { JSX } from 'preact';

/** A sentence of the judge's or of the exercises': what stands in backticks is code. */
export function Said({ text }: { text: string }): JSX.Element {
  return <>{text.split('`').map((part, k) => (k % 2 === 1 ? <code key={k}>{part}</code> : part))}</>;
}

/** A comment of a file that is handed out: paragraphs, and the formulas and lists that are set apart in it. */
export function Task({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split('\n\n').map(block => {
        if (/^ {4}/.test(block)) return <Formulas key={block} block={block} />;
        const items = block.split(/^- /m);
        if (items.length === 1) {
          return (
            <p key={block}>
              <Said text={joined(block)} />
            </p>
          );
        }
        return (
          <ul key={block}>
            {items.slice(1).map(item => (
              <li key={item}>
                <Said text={joined(item)} />
              </li>
            ))}
          </ul>
        );
      })}
    </>
  );
}

/** Formulas stand side by side, far apart, each perhaps with its shape: a line holds as many as it has room for. */
function Formulas({ block }: { block: string }): JSX.Element {
  const lines = block.replaceAll(/^ {4}/gm, '').split('\n');
  return (
    <pre>
      {lines.map(line => (
        <div key={line}>
          {line.split(/ {4,}(?![ [])/).map(formula => (
            <span key={formula}>{formula.replace(/ {4,}/, '   ')}</span>
          ))}
        </div>
      ))}
    </pre>
  );
}

const joined = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ').trim();
