#version 330
// Floor, walls and ceiling.
uniform mat4 to_picture;
in vec3 position;
in vec2 along; // metres along the surface and up
in float kind; // 0 floor, 1 wall, 2 ceiling
out vec3 v_position;
out vec2 v_along;
out float v_kind;

void main() {
    v_position = position;
    v_along = along;
    v_kind = kind;
    gl_Position = to_picture * vec4(position, 1.0);
}
