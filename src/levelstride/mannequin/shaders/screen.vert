#version 330
// One triangle over the whole picture.
uniform vec2 size_px;
uniform vec2 corner_px;
uniform vec2 middle_px;
uniform float focal_px;
uniform mat3 axes; // columns: picture right, picture down, ahead
in vec2 corner;
out vec3 v_ray;

void main() {
    // Pixel centres lie at whole numbers.
    vec2 at = (corner * 0.5 + 0.5) * size_px + corner_px - 0.5;
    v_ray = axes * vec3((at - middle_px) / focal_px, 1.0);
    gl_Position = vec4(corner, 0.0, 1.0);
}
