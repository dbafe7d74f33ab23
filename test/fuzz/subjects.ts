import type { AnyFuzzSubject } from './subject.js';
import { answerSubjects } from './subjects/answers.js';
import { controlSubject } from './subjects/control.js';
import { fileSubjects } from './subjects/files.js';
import { echoSubjects, frameSubjects } from './subjects/frames.js';
import { keySubjects } from './subjects/keys.js';
import { requestSubjects } from './subjects/requests.js';

/** Every parser that is fuzzed. */
export async function listSubjects(): Promise<AnyFuzzSubject[]> {
  return [
    ...(await frameSubjects()),
    ...echoSubjects(),
    ...requestSubjects(),
    ...(await answerSubjects()),
    ...keySubjects(),
    ...fileSubjects(),
    controlSubject(),
  ];
}
