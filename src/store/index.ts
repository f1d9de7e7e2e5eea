export { RespWriter } from './reply-writer.js';
export { Session } from './session.js';
export { Answers, type AnswersOptions } from './store.js';
