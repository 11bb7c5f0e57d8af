#version 330
// The person. Normals come with the vertices; rest positions carry the fabric along with the body.
uniform mat4 to_picture;
in vec3 position;
in vec3 normal;
in vec3 rest;
in vec4 share; // of skin, hair, top, trousers; the remainder is shoes
out vec3 v_position;
out vec3 v_normal;
out vec3 v_rest;
out vec4 v_share;

void main() {
    v_position = position;
    v_normal = normal;
    v_rest = rest;
    v_share = share;
    gl_Position = to_picture * vec4(position, 1.0);
}
