#include <vips/vips.h>

#if VIPS_MAJOR_VERSION == 8 && VIPS_MINOR_VERSION < 13
#error "libvips 8.13 or newer is needed: older ones cannot block loaders"
#endif

int picture_setup(void);
VipsImage *picture_open(const char *loader, void *file, size_t length, int shrink);
int picture_pages(VipsImage *image);
int picture_render(VipsImage *stored, VipsRect region, void *pixels);
