export { Answers, type AnswersOptions } from './answers.js';
export { RespWriter } from './resp-writer.js';
export { Session } from './session.js';
