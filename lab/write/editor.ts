import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, linter, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** What the editor tells of. */
export interface Heard {
  /** Somebody has typed: the text of the file is another, changed at this place. */
  readonly typed: (file: string, text: string, at: number) => void;
  /** Somebody wants to know whether it is right. */
  readonly check: () => void;
}

/** Something underlined; `line` in place of a range underlines what stands on it. */
export type Mark = Omit<Diagnostic, 'from' | 'to'> &
  ({ readonly from: number; readonly to: number } | { readonly line: number });

/** A change that came from elsewhere: nobody typed it here. */
const fromElsewhere = Annotation.define<boolean>();

/**
 * The editor: one for all files, each with its own history and cursor. It stands in a shadow root, where its styles are
 * sheets that a script makes: the page's policy knows no styles but those of its files.
 */
export class Editor {
  readonly #view: EditorView;
  readonly #heard: Heard;
  readonly #states = new Map<string, EditorState>();
  readonly #name = new Compartment();
  readonly #writable = new Compartment();
  #file = '';
  #isReadOnly = false;

  constructor(parent: HTMLElement, heard: Heard) {
    this.#heard = heard;
    const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
    root.replaceChildren();
    this.#view = new EditorView({ parent: root, root });
  }

  /** Shows a file; what stood there before is as it was left. */
  show(file: string, text: string, isReadOnly: boolean): void {
    if (file !== this.#file || isReadOnly !== this.#isReadOnly) {
      this.#leave();
      this.#file = file;
      this.#isReadOnly = isReadOnly;
      this.#view.setState(this.#states.get(this.#key()) ?? this.#newState(text));
    }
    this.#setText(text);
  }

  /** All of a file's marks. */
  mark(marks: readonly Mark[]): void {
    const { doc } = this.#view.state;
    const diagnostics = marks.map((mark): Diagnostic => {
      if (!('line' in mark)) {
        const to = Math.min(mark.to, doc.length);
        return { ...mark, from: Math.min(mark.from, to), to };
      }
      const { line: number, ...rest } = mark;
      const line = doc.line(Math.min(Math.max(number, 1), doc.lines));
      return { ...rest, from: line.from + line.text.search(/\S|$/), to: line.to };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Goes to a line, and has the keyboard there. */
  goTo(number: number): void {
    const { doc } = this.#view.state;
    const line = doc.line(Math.min(Math.max(number, 1), doc.lines));
    const at = line.from + line.text.search(/\S|$/);
    this.#select(at, at);
  }

  /** Goes to where a function is to be written: the line that says so is selected, so that typing replaces it. */
  goToFunction(name: string): void {
    const text = this.#view.state.doc.toString();
    const begins = new RegExp(`^export (?:const|(?:async )?function) ${name}\\b`, 'm').exec(text)?.index;
    if (begins === undefined) return;
    const stub = text.indexOf("throw new Error('not written yet');", begins);
    const next = text.indexOf('\nexport ', begins + 1);
    if (stub !== -1 && (next === -1 || stub < next)) this.#select(stub, text.indexOf('\n', stub));
    else this.goTo(text.slice(0, begins).split('\n').length);
  }

  focus(): void {
    this.#view.focus();
  }

  /** Whether the keyboard is here. */
  get hasFocus(): boolean {
    return this.#view.hasFocus;
  }

  destroy(): void {
    this.#view.destroy();
  }

  #select(anchor: number, head: number): void {
    const { scrollDOM, dom } = this.#view;
    this.#view.dispatch({ selection: { anchor, head } });
    // in the middle of the editor, and the editor on the screen: the page moves no more than that
    scrollDOM.scrollTop = this.#view.lineBlockAt(anchor).top - scrollDOM.clientHeight / 3;
    dom.scrollIntoView({ block: 'nearest' });
    this.#view.focus();
  }

  #key = (): string => `${this.#isReadOnly ? 'theirs' : 'mine'} ${this.#file}`;

  #leave(): void {
    if (this.#file !== '') this.#states.set(this.#key(), this.#view.state);
  }

  /** Puts in a text that came from elsewhere, so that the cursor stays where it is if it can. */
  #setText(text: string): void {
    const before = this.#view.state.doc.toString();
    if (before === text) return;
    let from = 0;
    while (from < before.length && from < text.length && before[from] === text[from]) from += 1;
    let end = 0;
    const most = Math.min(before.length, text.length) - from;
    while (end < most && before[before.length - 1 - end] === text[text.length - 1 - end]) end += 1;
    this.#view.dispatch({
      changes: { from, to: before.length - end, insert: text.slice(from, text.length - end) },
      annotations: fromElsewhere.of(true),
    });
  }

  #newState(doc: string): EditorState {
    const hears = EditorView.updateListener.of(({ docChanged, transactions, state }) => {
      const isTyped = transactions.some(one => one.docChanged && !one.annotation(fromElsewhere));
      if (docChanged && isTyped) this.#heard.typed(this.#file, state.doc.toString(), state.selection.main.head);
    });
    const check = () => {
      this.#heard.check();
      return true;
    };
    return EditorState.create({
      doc,
      extensions: [
        keymap.of([
          { key: 'Mod-s', run: check },
          { key: 'Mod-Enter', run: check },
        ]),
        extensions,
        hears,
        this.#name.of(
          EditorView.contentAttributes.of({
            'aria-label': `${this.#file}${this.#isReadOnly ? ', to be read' : ''}. Tab leaves the editor.`,
          }),
        ),
        this.#writable.of([EditorState.readOnly.of(this.#isReadOnly)]),
      ],
    });
  }
}

/** Ink, weight and slant, and one hue for what is a value: blue and orange have meanings in this page. */
const highlighting = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], fontWeight: '600' },
  { tag: [tags.string, tags.number, tags.bool, tags.null, tags.regexp], color: 'var(--value)' },
  { tag: [tags.typeName, tags.className], fontStyle: 'italic' },
  { tag: tags.invalid, textDecoration: 'underline' },
]);

const wavy = (colour: string) => ({
  backgroundImage: 'none',
  textDecoration: `underline wavy ${colour} 1.5px`,
  textUnderlineOffset: '3px',
  textDecorationSkipInk: 'none',
  paddingBottom: '0',
});

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--card)', fontSize: '0.87rem', height: '100%' },
  '&.cm-focused': { outline: 'none' }, // the place that it stands in shows it
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--card)', color: 'var(--soft)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--sunk) 60%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--selected)',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--sunk)', outline: '1px solid var(--soft)' },
  // in place of pictures of CodeMirror's, which the page's policy does not know
  '.cm-lintRange-error': wavy('var(--orange)'),
  '.cm-lintRange-warning, .cm-lintRange-info, .cm-lintRange-hint': wavy('var(--soft)'),
  '.cm-lint-marker': { width: '1em', height: '1.2em', lineHeight: '1.2', textAlign: 'center', fontWeight: '700' },
  '.cm-lint-marker-error': { content: 'normal', color: 'var(--orange)' },
  '.cm-lint-marker-error::before': { content: '"✗"' },
  '.cm-lint-marker-warning, .cm-lint-marker-info, .cm-lint-marker-hint': { content: 'normal', color: 'var(--soft)' },
  '.cm-lint-marker-warning::before, .cm-lint-marker-info::before, .cm-lint-marker-hint::before': { content: '"!"' },
  '.cm-gutter-lint': { width: '1.2em' },
  '.cm-tooltip': {
    backgroundColor: 'var(--card)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    boxShadow: '0 4px 16px rgb(0 0 0 / 20%)',
    maxWidth: 'min(36rem, 90vw)',
    fontFamily: 'var(--sans)',
    fontSize: '0.87rem',
  },
  '.cm-diagnostic': { padding: '6px 10px', borderLeft: '3px solid var(--soft)', whiteSpace: 'pre-wrap' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--orange)' },
  '.cm-panels': { backgroundColor: 'var(--sunk)', color: 'var(--ink)' },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { backgroundColor: 'var(--card)' },
});

const extensions: Extension = [
  lineNumbers(),
  lintGutter(),
  linter(null),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentUnit.of('  '),
  indentOnInput(),
  bracketMatching(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  EditorView.lineWrapping,
  javascript({ typescript: true }),
  syntaxHighlighting(highlighting),
  theme,
  EditorView.contentAttributes.of({ tabindex: '0', spellcheck: 'false', autocorrect: 'off', autocapitalize: 'off' }),
  // Tab is not bound: it leads on, and out of the editor
  keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
];
