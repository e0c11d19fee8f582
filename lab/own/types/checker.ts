import ts from 'typescript-5.4';
import type { Sources } from '../../../src/practice/protocol.ts';
import type { ForEditor } from '../../editor-types.ts';
import { inWords } from './words.ts';

/** Something in a learner's file that cannot be as it stands; `from` and `to` count characters, as an editor does. */
export interface Diagnostic {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  /** A sentence. */
  readonly message: string;
  readonly severity: 'error';
  /** Whether it is no TypeScript at all: a line that is half written is none either. */
  readonly isSyntax: boolean;
}

/** What says no more to a beginner than that a type was not written down. */
const isAboutMissingTypes = (code: number): boolean => code >= 7000 && code < 8000;

/**
 * Checks the types of a learner's files, shapes above all, as an editor does that has the files of `longhand learn`.
 * It is slow the first time and quick from then on, for what did not change is known.
 */
export class TypeChecker {
  readonly #service: ts.LanguageService;
  #sources: Sources = {};
  /** Of each of their files the text, and how often it has changed. */
  readonly #versions = new Map<string, { text: string; version: number }>();

  constructor({ files, compilerOptions }: ForEditor) {
    const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, '/');
    const textOf = (path: string): string | undefined => files[path] ?? this.#sources[path.slice(1)];
    this.#service = ts.createLanguageService({
      getScriptFileNames: () => [...Object.keys(this.#sources).map(file => `/${file}`), '/types/longhand/console.d.ts'],
      getScriptVersion: path => `${this.#versions.get(path.slice(1))?.version ?? 0}`,
      getScriptSnapshot: path => {
        const text = textOf(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => '/',
      getCompilationSettings: () => options,
      getDefaultLibFileName: () => `/lib/${options.lib![0]}`,
      fileExists: path => textOf(path) !== undefined,
      readFile: textOf,
    });
  }

  /**
   * What is wrong, in the order of the text. Of one function no more than the first thing: the rest often follows from it.
   * Of a file that is no TypeScript nothing else is said.
   */
  diagnose(sources: Sources): Diagnostic[] {
    this.#sources = sources;
    for (const [file, text] of Object.entries(sources)) {
      const known = this.#versions.get(file);
      if (known?.text !== text) this.#versions.set(file, { text, version: (known?.version ?? 0) + 1 });
    }
    const found: Diagnostic[] = [];
    for (const file of Object.keys(sources).filter(file => file.endsWith('.ts'))) {
      const path = `/${file}`;
      const [syntax] = this.#service.getSyntacticDiagnostics(path);
      if (syntax !== undefined) {
        const message = ts.flattenDiagnosticMessageText(syntax.messageText, '\n').split('\n')[0]!;
        found.push({ file, ...extentOf(syntax), message, severity: 'error', isSyntax: true });
        continue;
      }
      const program = this.#service.getProgram()!;
      const source = program.getSourceFile(path)!;
      const wrong = this.#service
        .getSemanticDiagnostics(path)
        .filter(({ code, category }) => category === ts.DiagnosticCategory.Error && !isAboutMissingTypes(code));
      for (const diagnostic of firstOfEach(source, wrong)) {
        const { from, to, message } = inWords(diagnostic, source, program);
        found.push({ file, from, to, message, severity: 'error', isSyntax: false });
      }
    }
    return found;
  }
}

const extentOf = ({ start = 0, length = 0 }: ts.Diagnostic): { from: number; to: number } => ({
  from: start,
  to: start + length,
});

/** What is a cause rather than what follows from one: operators between tensors, and names that have no value yet. */
const rankOf = ({ code }: ts.Diagnostic): number => ([2362, 2363, 2365, 2448].includes(code) ? 0 : 1);

/** The first diagnostic of each statement of the file. One on a function as a whole counts only where its lines are right. */
function firstOfEach(source: ts.SourceFile, diagnostics: readonly ts.Diagnostic[]): ts.Diagnostic[] {
  return source.statements.flatMap(statement => {
    const within = diagnostics
      .filter(({ start = 0 }) => start >= statement.getFullStart() && start < statement.end)
      .sort((a, b) => rankOf(a) - rankOf(b) || a.start! - b.start!);
    const name = ts.isVariableStatement(statement) ? statement.declarationList.declarations[0]?.name : undefined;
    const first = within.find(({ start }) => start !== name?.getStart()) ?? within[0];
    return first === undefined ? [] : [first];
  });
}
