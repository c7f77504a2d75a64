import { notificationContract } from '../notifications/notification.contract.js';

notificationContract('memory', () => 'memory://notifications');
