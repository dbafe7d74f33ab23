import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

export const rootFolder = resolve(import.meta.dirname, '../..');

/** One TypeScript file of the project, parsed. */
export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly tree: ts.SourceFile;
}

function listFiles(folder: string, ending: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
}

/** Reads and parses every TypeScript file below the folders. */
export function readSources(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    listFiles(join(rootFolder, folder), '.ts').map((absolute) => {
      const text = readFileSync(absolute, 'utf8');
      return {
        path: relative(rootFolder, absolute).replaceAll('\\', '/'),
        text,
        lines: text.split('\n'),
        tree: ts.createSourceFile(absolute, text, ts.ScriptTarget.ESNext, true),
      };
    }),
  );
}

/** Every folder below `folder`, as paths from the root. */
export function listFolders(folder: string): string[] {
  return readdirSync(join(rootFolder, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(rootFolder, join(entry.parentPath, entry.name)))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('node_modules'));
}

/** What a file imports from: module specifiers, types included. */
export function importsOf(file: SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (specifier && ts.isStringLiteralLike(specifier)) found.push(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
}

/** A function with what the size rules look at. */
export interface FunctionFacts {
  readonly name: string;
  readonly line: number;
  readonly lineCount: number;
  readonly parameterCount: number;
}

/** Every function, method and arrow of a file. */
export function functionsOf(file: SourceFile): FunctionFacts[] {
  const found: FunctionFacts[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const start = file.tree.getLineAndCharacterOfPosition(node.getStart()).line;
      const end = file.tree.getLineAndCharacterOfPosition(node.getEnd()).line;
      found.push({
        name: node.name?.getText() ?? '(unnamed)',
        line: start + 1,
        lineCount: end - start + 1,
        parameterCount: node.parameters.length,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
}

/** Exported declarations without a documentation comment, by name. */
export function undocumentedExports(file: SourceFile): string[] {
  return file.tree.statements.flatMap((statement) => {
    if (!ts.canHaveModifiers(statement)) return [];
    const exported = ts
      .getModifiers(statement)
      ?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
    if (!exported || ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map((one) => one.name.getText());
    }
    return 'name' in statement && statement.name ? [(statement.name as ts.Node).getText()] : [];
  });
}
