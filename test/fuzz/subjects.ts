import { echoSubjects, frameSubjects } from './subjects/frames.js';
import type { AnyFuzzSubject } from './subject.js';

/** Every parser that is fuzzed. */
export async function listSubjects(): Promise<AnyFuzzSubject[]> {
  return [...(await frameSubjects()), ...echoSubjects()];
}
