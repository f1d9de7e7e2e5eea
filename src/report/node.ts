export { comparisonMarkdown } from './comparison-markdown.js';
export { comparisonReport } from './comparison-report.js';
export { htmlPage } from './html-page.js';
export { resultCsv } from './result-rows.js';
export { labLines, liveVerifyReport, serveReport } from './serve-report.js';
export { sweepCsv } from './sweep-csv.js';
export { sweepMarkdown } from './sweep-markdown.js';
export { sweepReport } from './sweep-report.js';
export { verifyReport } from './verify-report.js';
