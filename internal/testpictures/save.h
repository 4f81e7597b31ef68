#include <stddef.h>

int picture_save(const void *rgb, int width, int height, int frames,
	const char *profile, const char *suffix, void **file, size_t *length);
