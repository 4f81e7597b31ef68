#include <vips/vips.h>

int picture_jpeg(void *pixels, int width, int height, int quality, void **file, size_t *length);
