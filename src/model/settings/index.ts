export { CLUSTER, parseServerSettings, type ServerSettings } from './server-settings.js';
export {
  isWithoutMemory,
  REPLICAS,
  SETTING_CHOICES,
  SETTING_NAMES,
  setSetting,
  settingText,
} from './setting-names.js';
export { Settings } from './settings.js';
