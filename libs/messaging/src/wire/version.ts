/** What a message without a version is: those of before messages had any. */
export const FIRST_VERSION = '1.0';
