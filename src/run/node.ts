export { opsFileSource } from './ops-file-source.js';
export { openStream, type StreamPlan, type Subject, subjectName } from './stream-plan.js';
export { isDocument, namesWorkload, workloadNamed } from './workload-named.js';
