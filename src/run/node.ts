export { arenaFileSource, opsFileSource, opsSubject } from './ops-file-source.js';
export { openStream } from './stream-plan.js';
export { contentPath, type StreamPlan, type Subject, subjectName } from './subject.js';
export { isDocument, namesWorkload, workloadNamed } from './workload-named.js';
