import { bannedCalls } from './checks/banned-calls.ts';
import { deadFiles } from './checks/dead-files.ts';
import { declaredImports } from './checks/declared-imports.ts';
import { defaultExports } from './checks/default-exports.ts';
import { docComments } from './checks/doc-comments.ts';
import { errorPages } from './checks/error-pages.ts';
import { fileNames } from './checks/file-names.ts';
import { fileSize } from './checks/file-size.ts';
import { functionSize } from './checks/function-size.ts';
import { importFloors } from './checks/import-floors.ts';
import { moduleShape } from './checks/module-shape.ts';
import { roomCycles } from './checks/room-cycles.ts';
import { roomDoors } from './checks/room-doors.ts';
import { syntax } from './checks/syntax.ts';
import { typeEscapes } from './checks/type-escapes.ts';
import type { Check } from './project.ts';

/** The rules of STYLE.md, by the name that a finding is printed with. */
export const allChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    syntax,
    'import-floors': importFloors,
    'room-doors': roomDoors,
    'room-cycles': roomCycles,
    'declared-imports': declaredImports,
    'module-shape': moduleShape,
    'dead-files': deadFiles,
    'file-names': fileNames,
    'file-size': fileSize,
    'function-size': functionSize,
    'banned-calls': bannedCalls,
    'default-exports': defaultExports,
    'type-escapes': typeEscapes,
    'doc-comments': docComments,
    'error-pages': errorPages,
  }),
);
