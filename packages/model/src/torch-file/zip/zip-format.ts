// Constants of the zip format (PKWARE's APPNOTE), little-endian.

/** Start of a local header, of a directory entry, and of the records at the archive's end. */
export const localSignature = 0x04034b50;
export const centralSignature = 0x02014b50;
export const endSignature = 0x06054b50;
export const end64Signature = 0x06064b50;
export const locator64Signature = 0x07064b50;

/** Bytes of the fixed parts of the records. */
export const localSize = 30;
export const centralSize = 46;
export const endSize = 22;

export const methods = { stored: 0, deflated: 8 } as const;
