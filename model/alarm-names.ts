// What alarms are called by people of the desk, on screens and in reports, in Chinese and in English.

import type { Language } from './channel.ts'
import type { FindingKind } from './finding.ts'
import type { Disposition, IncidentClass } from './incident.ts'

export type AlarmNames = {
  class: Readonly<Record<IncidentClass, string>>
  kind: Readonly<Record<FindingKind, string>>
  disposition: Readonly<Record<Disposition, string>>
}

const namesZh: AlarmNames = {
  class: { emergency: '紧急', service: '服务', technical: '提示' },
  kind: {
    sos: '红键求助',
    fall: '跌倒',
    unreadable_event: '无法读懂的报警',
    vitals: '体征异常',
    zone_exit: '离开安全区域',
    danger_zone_enter: '进入危险区域',
    no_movement: '久未活动',
    silent: '设备失联',
    area_outage: '辖区大面积失联',
    missed_check_in: '未报平安',
    removed: '设备被摘下',
    low_battery: '电量低',
    power_off: '设备关机',
    service: '服务请求',
    custom: '设备报告',
    cancel: '佩戴者取消',
  },
  disposition: {
    hospital: '送医',
    helped_at_home: '上门帮助',
    brought_home: '安全回家',
    false_alarm: '误报',
    wearer_cancelled: '佩戴者取消',
    device_fault: '设备故障',
    test: '测试',
    no_answer_service_sent: '无人应答，已派急救',
    service_request: '服务请求',
  },
}

const namesEn: AlarmNames = {
  class: { emergency: 'Emergency', service: 'Service', technical: 'Notice' },
  kind: {
    sos: 'Red key pressed',
    fall: 'Fall',
    unreadable_event: 'Unreadable alarm',
    vitals: 'Vital signs',
    zone_exit: 'Left the safe zone',
    danger_zone_enter: 'Entered a danger zone',
    no_movement: 'No movement',
    silent: 'Device silent',
    area_outage: 'Area out of reach',
    missed_check_in: 'No check-in',
    removed: 'Device taken off',
    low_battery: 'Low battery',
    power_off: 'Switched off',
    service: 'Service request',
    custom: 'Device report',
    cancel: 'Cancelled by wearer',
  },
  disposition: {
    hospital: 'Taken to hospital',
    helped_at_home: 'Helped at home',
    brought_home: 'Found and brought home',
    false_alarm: 'False alarm',
    wearer_cancelled: 'Cancelled by wearer',
    device_fault: 'Device fault',
    test: 'Test',
    no_answer_service_sent: 'No answer, ambulance sent',
    service_request: 'Service request',
  },
}

export const ALARM_NAMES: Readonly<Record<Language, AlarmNames>> = { zh: namesZh, en: namesEn }
