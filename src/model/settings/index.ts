export {
  CLUSTER,
  parseServerSettings,
  parseSetting,
  type ServerSettings,
  startWith,
} from './server-settings.js';
export {
  isWithoutMemory,
  REPLICAS,
  refusalOf,
  SETTING_CHOICES,
  SETTING_NAMES,
  setSetting,
  settingText,
} from './setting-names.js';
export { Settings } from './settings.js';
