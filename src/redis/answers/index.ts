export { Answers, type AnswersOptions, type Decisions } from './answers.js';
export { RespWriter } from './resp-writer.js';
export { Session } from './session.js';
